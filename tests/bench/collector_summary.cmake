pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
anketa_bench(collector_summary SOURCES bench_summary.c
  LIBS anketa_web anketa_xlsform PkgConfig::CURL)
