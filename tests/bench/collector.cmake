anketa_bench(collector SOURCES bench_collector.c sealed.c
  LIBS anketa_web anketa_xlsform)
configure_file("${CMAKE_SOURCE_DIR}/tests/bench/collector_pages"
  "${CMAKE_BINARY_DIR}/bench/collector_pages" COPYONLY)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
anketa_bench(collector_ingest SOURCES bench_ingest.c sealed.c
  LIBS anketa_web anketa_xlsform PkgConfig::CURL)
