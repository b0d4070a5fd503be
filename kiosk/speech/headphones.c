#include "speech/headphones.h"

#include <stdio.h>
#include <string.h>

#ifdef ANKETA_HAVE_ALSA
#    include <alsa/asoundlib.h>
#endif

bool
headphones_names_jack(const char *control)
{
    bool phones =
        strstr(control, "Headphone") != NULL || strstr(control, "Headset");
    /* "Headphone Mic Jack" reports a microphone; "Phantom" one is always in. */
    return phones && strstr(control, "Jack") && !strstr(control, "Mic")
           && !strstr(control, "Phantom");
}

#ifdef ANKETA_HAVE_ALSA
static bool
control_is_on(snd_hctl_elem_t *element)
{
    snd_ctl_elem_info_t *info = NULL;
    snd_ctl_elem_value_t *value = NULL;
    bool on = false;
    if (snd_ctl_elem_info_malloc(&info) == 0
        && snd_ctl_elem_value_malloc(&value) == 0
        && snd_hctl_elem_info(element, info) == 0
        && snd_ctl_elem_info_get_type(info) == SND_CTL_ELEM_TYPE_BOOLEAN
        && snd_hctl_elem_read(element, value) == 0) {
        on = snd_ctl_elem_value_get_boolean(value, 0) != 0;
    }
    snd_ctl_elem_info_free(info);
    snd_ctl_elem_value_free(value);
    return on;
}

static bool
card_has_headphones(int card)
{
    char name[16];
    snd_hctl_t *controls = NULL;
    bool found = false;
    (void)snprintf(name, sizeof(name), "hw:%d", card);
    if (snd_hctl_open(&controls, name, 0) != 0) {
        return false;
    }
    if (snd_hctl_load(controls) == 0) {
        int asked = 0;
        for (snd_hctl_elem_t *e = snd_hctl_first_elem(controls);
             e && !found && asked < HEADPHONES_CONTROLS_MAX;
             e = snd_hctl_elem_next(e)) {
            found = headphones_names_jack(snd_hctl_elem_get_name(e))
                    && control_is_on(e);
            asked++;
        }
    }
    (void)snd_hctl_close(controls);
    return found;
}

bool
headphones_plugged(void)
{
    int card = -1;
    for (int i = 0; i < HEADPHONES_CARDS_MAX; i++) {
        if (snd_card_next(&card) != 0 || card < 0) {
            break;
        }
        if (card_has_headphones(card)) {
            return true;
        }
    }
    return false;
}
#else
bool
headphones_plugged(void)
{
    return false;
}
#endif
