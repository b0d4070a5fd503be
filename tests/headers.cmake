# Every header compiles alone.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS
  "${CMAKE_SOURCE_DIR}/shared/*.h" "${CMAKE_SOURCE_DIR}/sync/*.h"
  "${CMAKE_SOURCE_DIR}/kiosk/*.h")
set(alone "")
foreach(header ${headers})
  file(RELATIVE_PATH rel "${CMAKE_SOURCE_DIR}" "${header}")
  string(MAKE_C_IDENTIFIER "${rel}" id)
  set(unit "${CMAKE_CURRENT_BINARY_DIR}/alone/${id}.c")
  file(CONFIGURE OUTPUT "${unit}" CONTENT "#include \"@rel@\"\nextern int @id@;\n" @ONLY)
  list(APPEND alone "${unit}")
endforeach()
add_library(anketa_headers_alone OBJECT ${alone})
target_include_directories(anketa_headers_alone PRIVATE "${CMAKE_SOURCE_DIR}"
  "${CMAKE_SOURCE_DIR}/shared" "${CMAKE_SOURCE_DIR}/sync" "${CMAKE_SOURCE_DIR}/kiosk")
target_link_libraries(anketa_headers_alone PRIVATE anketa_warnings)
