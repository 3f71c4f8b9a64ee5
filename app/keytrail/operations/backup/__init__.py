"""A copy of everything in one encrypted file, made while servers run, and its way back into either database."""

from keytrail.operations.backup.archive import BackupHeader, read_backup, write_backup
from keytrail.operations.backup.copying import copy_rows
from keytrail.operations.backup.restoring import restore_backup
from keytrail.operations.backup.sealing import DamagedBackup

__all__ = ["BackupHeader", "DamagedBackup", "copy_rows", "read_backup", "restore_backup", "write_backup"]
