anketa_bench(collector SOURCES bench_collector.c LIBS anketa_web anketa_xlsform)
configure_file("${CMAKE_SOURCE_DIR}/tests/bench/collector_pages"
  "${CMAKE_BINARY_DIR}/bench/collector_pages" COPYONLY)
