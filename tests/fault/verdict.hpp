// What shall become of a call that changes files below a path: the fault library counts them, and ends the
// program at one, or lets some fail, as the environment says (injected.hpp writes it). Allocates nothing, so
// that it may be asked at any time, from any thread.
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace waybill::test {

enum group : unsigned { opens, writes, syncs, renames, removals, directories, cuts, reads, groups };

enum class verdict_kind { goes_on, fails, is_halved, is_torn };

/// Of one call; `errno` is as it was, unless the call fails.
class verdict {
  public:
    verdict(group which, int descriptor);
    verdict(group which, int directory, const char* path);
    verdict(group which, int from_directory, const char* from, int to_directory, const char* to);

    static bool is_asked_for(group which);
    /// Whether anything counts at all.
    static bool watches();

    /// Of a call that is done whole or not at all.
    bool fails() const;
    /// Of a write: of so many bytes `part_of` are to be written, then comes `after`.
    bool fails_whole() const;
    std::size_t part_of(std::size_t size) const;
    ssize_t after(ssize_t written) const;

  private:
    bool judge(group which, int directory, const char* path);
    bool judge(group which, const char* path);

    verdict_kind fate_ = verdict_kind::goes_on;
};

} // namespace waybill::test
