anketa_fuzz(picture SOURCES fuzz_picture.c LIBS anketa_kiosk_core)
