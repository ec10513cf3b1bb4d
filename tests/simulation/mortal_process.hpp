// The process that a simulated host lives in. It can be told to end at the n-th call over one of the seams:
// from then on every such call throws, so that nothing more happens, however the code goes on meanwhile.
#pragma once

#include <stdexcept>
#include <string>

namespace waybill::test {

/// Thrown by every call of a process that has ended.
struct process_ended {};

/// A promise that was not kept.
struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void promise(bool kept, const char* what) {
    if (!kept) throw broken_promise(what);
}
/// `what` gives the text, which is made only when it is needed.
template <class Text>
void promise(bool kept, Text what) {
    if (!kept) throw broken_promise(what());
}

class mortal_process {
  public:
    void end_after(int calls) { calls_left_ = calls; }
    void end() { ended_ = true; }
    void revive() {
        ended_ = false;
        calls_left_ = 0;
    }
    bool ended() const { return ended_; }
    /// What went wrong within a call, where whoever called goes on in spite of it.
    void blame(const std::string& what) {
        if (blamed_.empty()) blamed_ = what;
    }
    void check_blame() const {
        promise(blamed_.empty(), [&] { return blamed_; });
    }
    /// Before and after each call over a seam.
    void reached() {
        if (calls_left_ > 0 && --calls_left_ == 0) ended_ = true;
        if (ended_) throw process_ended{};
    }

  private:
    bool ended_ = false;
    int calls_left_ = 0; ///< 0: it lives on
    std::string blamed_;
};

} // namespace waybill::test
