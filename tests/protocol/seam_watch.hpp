// Is told of every call that a lifecycle makes over one of its seams, before it is made: each is a moment in
// which the process may end.
#pragma once

#include <functional>

namespace waybill::test {

struct seam_watch {
    std::function<void(const char* call)> before_call;

    void at(const char* call) const {
        if (before_call) before_call(call);
    }
};

} // namespace waybill::test
