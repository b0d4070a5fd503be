#ifndef ANKETA_APP_BARE_H
#define ANKETA_APP_BARE_H

/*
 * Bare: why the screen could not be had without X11 and Wayland (KMSDRM), told
 * to who stands before it. SDL says only that the driver is not available.
 *
 * Threads  Any.
 */
enum bare_fault {
    BARE_NO_CARD,   /* no graphics card, or no driver for it */
    BARE_NO_RIGHTS, /* this account may not open it */
    BARE_NO_PANEL,  /* nothing is connected to it */
    BARE_NO_MODE,   /* what is connected tells no size of picture */
    BARE_HELD,      /* none of these: somebody else has the screen */
};

/* `dev` is /dev/dri, `sys` is /sys/class/drm. */
enum bare_fault
bare_look(const char *dev, const char *sys);

/* What to do about it, a msgid. */
const char *
bare_text(enum bare_fault fault);

#endif
