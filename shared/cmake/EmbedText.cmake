# anketa_embed_text(<target> <header> <symbol> <file>): give <target> a
# generated <header> holding <file> as `static const char <symbol>[]` with a
# closing NUL. The file stays a real .sql/.css that editors, linters and the
# sqlite3 shell can open; sizeof(symbol) - 1 is its length.
function(anketa_embed_text target header symbol file)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/gen/${header}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  file(RELATIVE_PATH rel "${CMAKE_SOURCE_DIR}" "${file}")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT
    "/* generated from @rel@ */\nstatic const char @symbol@[] = {@bytes@0};\n")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/gen")
endfunction()
