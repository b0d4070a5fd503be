# Needs the X11 client libraries; without them the rest is still built.
pkg_check_modules(X11_PROBE IMPORTED_TARGET x11 xtst)
if(X11_PROBE_FOUND AND TARGET anketa-kiosk)
  anketa_bench(kiosk SOURCES bench_kiosk.c screen.c stat.c
    LIBS anketa_store anketa_wire anketa_harness PkgConfig::X11_PROBE)
endif()
