"""Back up all data into one encrypted file while servers run, and restore it into either kind of database."""

from keytrail.operations.backup.archive import BackupHeader, read_backup, write_backup
from keytrail.operations.backup.copying import copy_rows
from keytrail.operations.backup.restoring import restore_backup
from keytrail.operations.backup.sealing import DamagedBackup

__all__ = ["BackupHeader", "DamagedBackup", "copy_rows", "read_backup", "restore_backup", "write_backup"]
