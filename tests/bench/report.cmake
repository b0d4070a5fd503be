anketa_bench(report SOURCES bench_report.c
    ../unit/report/sample_report.c
  LIBS anketa_report anketa_summary m)
target_include_directories(bench_report PRIVATE "${CMAKE_SOURCE_DIR}/tests/unit")
