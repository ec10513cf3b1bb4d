// How much may happen in the model's world: so many jobs, and so often each kind of trouble. Within that,
// everything happens in every order.
#pragma once

#include <string>

namespace waybill::test {

struct bounds {
    int jobs = 1;          ///< of one dataset
    int batches = 1;       ///< a job
    int attempts = 3;      ///< that a job may use up
    int running = 2;       ///< attempts at work at once
    int crashes = 0;       ///< of the host, at any moment
    int stops = 0;         ///< of the host, in order
    int restores = 0;      ///< of a backup that was made at any moment
    int cancels = 0;       ///< that change something
    int transients = 0;    ///< attempts, checks and placings that fail, but may succeed later
    int permanents = 0;    ///< attempts that fail for good
    int late_stagings = 0; ///< by attempts that host and engine have forgotten
    int losses = 0;        ///< of what was staged
    int lost_answers = 0;  ///< commit points that are durable, and told as failed

    std::string text() const {
        std::string text;
        for (const int left :
             {crashes, stops, restores, cancels, transients, permanents, late_stagings, losses, lost_answers})
            text += ' ' + std::to_string(left);
        return text;
    }
};

} // namespace waybill::test
