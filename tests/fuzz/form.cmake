anketa_fuzz(xform SOURCES fuzz_xform.c LIBS anketa_form)
anketa_fuzz(xpath SOURCES fuzz_xpath.c LIBS anketa_form m)
