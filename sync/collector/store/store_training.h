#ifndef ANKETA_COLLECTOR_STORE_STORE_TRAINING_H
#define ANKETA_COLLECTOR_STORE_STORE_TRAINING_H

#include "collector/store/store.h"

/*
 * Training: sessions with invitations and materials. Who was there is told by
 * the named answers of the session's wave, so that it goes with the person.
 *
 * Part of the store: the same rules as in store.h.
 */
#define STORE_TRAININGS_MAX 1000
#define STORE_TRAINING_MINUTES_MAX 1440
#define STORE_MATERIALS_MAX 10 /* of one session */
#define STORE_MATERIAL_MAX_BYTES ((size_t)64 * 1024)

struct store_training {
    int64_t id;
    int kind; /* enum training_kind of programme/training.h */
    char *title;
    char *day; /* YYYY-MM-DD */
    char *clock;
    char *place;
    int minutes;
    int64_t wave;     /* 0: signing was not opened yet */
    int64_t ended_ms; /* 0: not yet */
    int64_t invited;
    int64_t came;
};

/* Uses kind, title, day, clock, place, minutes. STATUS_E_LIMIT beyond
 * STORE_TRAININGS_MAX. */
MUST_CHECK enum status
store_training_add(struct store *s, const struct store_training *t,
                   int64_t *out_id);
/* The same, and wave and ended_ms, of t->id. */
MUST_CHECK enum status
store_training_update(struct store *s, const struct store_training *t);
/* STATUS_NONE */
MUST_CHECK enum status
store_training(struct store *s, int64_t id, struct store_training *out);
/* Latest day first. */
MUST_CHECK enum status
store_trainings(struct store *s, struct store_training **out,
                size_t *out_count);
void
store_training_clear(struct store_training *t);
void
store_trainings_free(struct store_training *t, size_t count);

struct store_guest {
    int64_t person;
    char *name;
    char *role;
    bool invited;
    bool came;
};
/* All people, by role and name, each with what this session knows of her. */
MUST_CHECK enum status
store_guests(struct store *s, int64_t training, struct store_guest **out,
             size_t *out_count);
void
store_guests_free(struct store_guest *guests, size_t count);
MUST_CHECK enum status
store_guest_put(struct store *s, int64_t training, int64_t person,
                bool invited);

struct store_material {
    int64_t number; /* from 1 */
    char *title;
    char *text;
};
/* Uses title and text. STATUS_E_LIMIT beyond STORE_MATERIALS_MAX. */
MUST_CHECK enum status
store_material_add(struct store *s, int64_t training,
                   const struct store_material *m);
MUST_CHECK enum status
store_material_drop(struct store *s, int64_t training, int64_t number);
/* By number. */
MUST_CHECK enum status
store_materials(struct store *s, int64_t training, struct store_material **out,
                size_t *out_count);
void
store_materials_free(struct store_material *m, size_t count);

/* One who signed at sessions that are over. */
struct store_trained {
    int64_t person;
    char *name;
    char *role;
    int64_t sessions;
    int64_t minutes;
    char *last_day;
};
/* By name. */
MUST_CHECK enum status
store_trained(struct store *s, struct store_trained **out, size_t *out_count);
void
store_trained_free(struct store_trained *t, size_t count);

#endif
