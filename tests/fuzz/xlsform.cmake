pkg_check_modules(FUZZ_XML REQUIRED IMPORTED_TARGET libxml-2.0)
foreach(target xlsx csv md)
  anketa_fuzz(${target} SOURCES fuzz_${target}.c LIBS anketa_xlsform
    PkgConfig::FUZZ_XML)
  target_include_directories(fuzz_${target} PRIVATE
    "${CMAKE_SOURCE_DIR}/tests/fuzz")
endforeach()
