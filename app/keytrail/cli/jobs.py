"""Run jobs outside the server: `keytrail worker`."""


def worker() -> None:
    """Analyse, train and estimate beside the web servers, on PostgreSQL. Any number may run, on any machine."""
    import logging.config
    import signal
    import threading

    from keytrail.cli.installation import open_installation
    from keytrail.cli.web_processes import require_shared_database
    from keytrail.clock import utc_now
    from keytrail.errors import BadSettings
    from keytrail.jobs import BackgroundWork
    from keytrail.operations.scraping import serving_metrics
    from keytrail.operations.tracing import start_tracing
    from keytrail.review.analysis.analyst import Analyst
    from keytrail.web.logs import logging_for
    from keytrail.web.services import OF_LOG_AND_TEXT, helper_of

    with open_installation(must_exist=True, background="worker") as at:
        require_shared_database(at.settings)
        if not at.settings.analysis_memory_mb:
            raise BadSettings("A worker analyses in a child process: set KEYTRAIL_ANALYSIS_MEMORY_MB above 0.")
        logging.config.dictConfig(logging_for(at.settings.log_format))
        start_tracing(at.database)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        helper = helper_of(at.settings, at.database)
        analyst = Analyst(at.database, helper, utc_now, at_once=False, steps=OF_LOG_AND_TEXT)
        work = BackgroundWork(at.database, at.keyring, analyst, at.settings, utc_now)
        with serving_metrics(at.settings, utc_now):
            logging.getLogger("keytrail").info("worker: looking for work")
            work.run(stop)
