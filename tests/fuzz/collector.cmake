anketa_fuzz(submission SOURCES fuzz_submission.c LIBS anketa_ingest)
anketa_fuzz(column SOURCES fuzz_column.c LIBS anketa_collector_store)
anketa_fuzz(challenge SOURCES fuzz_challenge.c LIBS anketa_collector_http)
anketa_fuzz(backup SOURCES fuzz_backup.c LIBS anketa_collector)
