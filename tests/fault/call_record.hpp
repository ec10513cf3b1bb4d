// What the fault library writes down of the calls that change files below its path, in the order in which
// they happen, so that a test can say what a disk would have kept of them (support/recorded_disk.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include <sys/types.h>

namespace waybill::test {

/// Precedes each record in the file; then come the path, the other path and the bytes.
struct call_record {
    enum class kind : std::uint8_t {
        made,      ///< a file that was not there
        directory, ///< likewise
        wrote,     ///< `size` bytes at `at`
        cut,       ///< to the length `at`
        synced,    ///< a file or a directory
        renamed,   ///< from `path` to `other`
        linked,    ///< `path` has the name `other`, too
        removed,   ///< a name
        noted,     ///< the notes, which no disk loses, are `at` bytes long
    };
    kind what;
    std::uint32_t path_size;
    std::uint32_t other_size;
    std::uint64_t at;
    std::uint64_t size;
};

/// From its construction to its end no other call is recorded, so what is done meanwhile and what is told of
/// it stand at the same place of the order. Does nothing unless a record was asked for.
class recorded_call {
  public:
    recorded_call();
    recorded_call(const recorded_call&) = delete;
    recorded_call& operator=(const recorded_call&) = delete;
    ~recorded_call();

    static void begin(const char* record, const char* below, const char* notes);

    /// Asked before it is opened: what `opened` must tell.
    bool is_there(int directory, const char* path) const;
    void opened(int file, bool was_there, int flags) const;
    void wrote(int file, const void* bytes, ssize_t size) const; ///< where the file stands now
    void wrote(int file, const void* bytes, ssize_t size, off64_t at) const;
    void was_cut(int file, off64_t length) const;
    void synced(int file) const;
    void made_directory(int directory, const char* path) const;
    void renamed(int from_directory, const char* from, int to_directory, const char* to) const;
    void linked(int from_directory, const char* from, int to_directory, const char* to) const;
    void removed(int directory, const char* path) const;

  private:
    bool active_;
    int errno_before_;
};

} // namespace waybill::test
