anketa_fuzz(xform SOURCES fuzz_xform.c LIBS anketa_form)
anketa_fuzz(xpath SOURCES fuzz_xpath.c LIBS anketa_form m)
anketa_fuzz(reading SOURCES fuzz_reading.c LIBS anketa_form)
anketa_fuzz(rows SOURCES fuzz_rows.c LIBS anketa_form)
