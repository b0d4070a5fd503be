anketa_fuzz(preferences_json SOURCES fuzz_preferences_json.c
  LIBS anketa_matching_json)
anketa_fuzz(ballots_json SOURCES fuzz_ballots_json.c
  LIBS anketa_matching_json)
