// How a test lets allocations of a program fail that runs with the memory library. The file between the two
// is mapped by both.
#pragma once

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault/memory_wishes.hpp"

namespace waybill::test {

class failing_memory {
  public:
    explicit failing_memory(std::filesystem::path file) : file_(std::move(file)) {
        { std::ofstream(file_, std::ios::binary) << std::string(sizeof(memory_wishes), '\0'); }
        const int opened = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
        void* const at =
            ::mmap(nullptr, sizeof(memory_wishes), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
        ::close(opened);
        if (at == MAP_FAILED) throw std::system_error(errno, std::generic_category(), file_.string());
        wishes_ = static_cast<memory_wishes*>(at);
    }
    failing_memory(const failing_memory&) = delete;
    failing_memory& operator=(const failing_memory&) = delete;
    ~failing_memory() { ::munmap(wishes_, sizeof(memory_wishes)); }

    /// What a program is started with.
    std::vector<std::string> environment() const {
        return {"WAYBILL_MEMORY_WISHES=" + file_.string(), "LD_PRELOAD=" WAYBILL_MEMORY_LIBRARY};
    }
    /// Counts anew; from the n-th allocation on so many fail, none when `first` is 0.
    void begin(std::int64_t first, std::int64_t length) const {
        end();
        wishes_->seen = 0;
        wishes_->last = first + length - 1;
        wishes_->first = first;
    }
    /// From now on there is memory.
    void end() const { wishes_->first = 0; }
    /// Allocations since `begin`.
    std::int64_t counted() const { return wishes_->seen; }

  private:
    std::filesystem::path file_;
    memory_wishes* wishes_ = nullptr;
};

} // namespace waybill::test
