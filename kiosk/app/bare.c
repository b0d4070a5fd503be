#include "app/bare.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

#define PATH_BYTES 1024
#define LINE_BYTES 64

/* The first line of a file of the kernel's; "" if there is none. */
static void
first_line(const char *folder, const char *entry, const char *name,
           char out[LINE_BYTES])
{
    char path[PATH_BYTES];
    out[0] = '\0';
    int n = snprintf(path, sizeof(path), "%s/%s/%s", folder, entry, name);
    FILE *file = n > 0 && (size_t)n < sizeof(path) ? fopen(path, "re") : NULL;
    if (!file) {
        return;
    }
    if (!fgets(out, LINE_BYTES, file)) {
        out[0] = '\0';
    }
    (void)fclose(file);
    out[strcspn(out, "\n")] = '\0';
}

static const struct dirent *
next_card(DIR *dir)
{
    const struct dirent *entry = NULL;
    do {
        entry = readdir(dir); /* NOLINT(concurrency-mt-unsafe): ours alone */
    } while (entry && strncmp(entry->d_name, "card", 4) != 0);
    return entry;
}

/* Are there cards, and may one be opened? */
static bool
look_at_cards(const char *dev, enum bare_fault *out)
{
    DIR *dir = opendir(dev);
    const struct dirent *entry = dir ? next_card(dir) : NULL;
    bool opened = false;
    *out = entry ? BARE_NO_RIGHTS : BARE_NO_CARD;
    for (; entry && !opened; entry = next_card(dir)) {
        char path[PATH_BYTES];
        int n = snprintf(path, sizeof(path), "%s/%s", dev, entry->d_name);
        int fd = n > 0 && (size_t)n < sizeof(path)
                     ? open(path, O_RDWR | O_CLOEXEC)
                     : -1;
        /* Any other refusal is not one of rights. */
        opened = fd >= 0 || (errno != EACCES && errno != EPERM);
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    if (dir) {
        (void)closedir(dir);
    }
    return opened;
}

enum bare_fault
bare_look(const char *dev, const char *sys)
{
    enum bare_fault fault = BARE_NO_CARD;
    if (!look_at_cards(dev, &fault)) {
        return fault;
    }
    DIR *dir = opendir(sys);
    if (!dir) {
        return BARE_HELD;
    }
    fault = BARE_NO_PANEL;
    bool sockets = false; /* "card0-HDMI-A-1" */
    for (const struct dirent *entry = next_card(dir);
         entry && fault != BARE_HELD; entry = next_card(dir)) {
        char status[LINE_BYTES];
        char mode[LINE_BYTES];
        if (!strchr(entry->d_name, '-')) {
            continue;
        }
        sockets = true;
        first_line(sys, entry->d_name, "status", status);
        first_line(sys, entry->d_name, "modes", mode);
        if (strcmp(status, "connected") == 0) {
            fault = mode[0] ? BARE_HELD : BARE_NO_MODE;
        }
    }
    (void)closedir(dir);
    return sockets ? fault : BARE_HELD;
}

const char *
bare_text(enum bare_fault fault)
{
    switch (fault) {
    case BARE_NO_CARD:
        return N_("The bare screen: this computer has no graphics card in "
                  "/dev/dri, or no driver for it.");
    case BARE_NO_RIGHTS:
        return N_("The bare screen: this account may not open the graphics "
                  "card. Put it into the groups video, render and input, and "
                  "sign in anew.");
    case BARE_NO_PANEL:
        return N_("The bare screen: nothing is connected to the graphics "
                  "card. Look at the cable and at the panel's power.");
    case BARE_NO_MODE:
        return N_("The bare screen: what is connected does not tell what "
                  "pictures it can show. Take another cable or socket.");
    case BARE_HELD:
        break;
    }
    return N_("The bare screen: another program holds it. End that one, or "
              "start the kiosk inside its session.");
}
