// Records on their way from an import's input to its tables: batches that threads of its own parse while the
// import reads ahead and writes. Batches come out in the order in which they went in. All calls are the
// import's thread's, which parses as well when it would have to wait; so the queue also works without a
// thread of its own, as when none can be had. What fails in one of them, a lack of memory, is thrown by
// `front`.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "profile/record_parser.hpp"
#include "profile/record_reader.hpp"

namespace waybill::profile {

class record_batch {
  public:
    static constexpr std::size_t most_records = 1'000;
    static constexpr std::size_t most_bytes = std::size_t{1} << 20U;

    struct entry {
        std::int64_t line = 0;
        const char* problem = nullptr; ///< why it is no whole record; then it is not parsed
        std::size_t begin = 0;
        std::size_t size = 0;
        parsed_record parsed{};
    };

    void clear();
    void add(const record_reader::record& record);
    bool full() const { return size_ >= most_records || texts_.size() >= most_bytes; }
    bool empty() const { return size_ == 0; }
    std::size_t bytes() const { return texts_.size(); }
    std::string_view text(const entry& one) const {
        return std::string_view(texts_).substr(one.begin, one.size);
    }
    const entry* begin() const { return entries_.data(); }
    const entry* end() const { return entries_.data() + size_; }
    void parse(record_parser& parser);

    std::int64_t bytes_read = 0; ///< of the input, once the batch was cut

  private:
    std::string texts_;
    std::vector<entry> entries_; ///< more than there are: their memory is used again
    std::size_t size_ = 0;
};

class parse_queue {
  public:
    static constexpr std::size_t most_batches = 8;
    /// A batch that goes beyond, with a large record, is the last that gets in.
    static constexpr std::size_t most_bytes = std::size_t{16} << 20U;

    parse_queue(const import_options& options, record_kind what);
    parse_queue(const parse_queue&) = delete;
    parse_queue& operator=(const parse_queue&) = delete;
    ~parse_queue();

    bool has_room() const { return count_ < most_batches && bytes_ < most_bytes; }
    bool empty() const { return count_ == 0; }
    /// An empty batch; when there is room.
    record_batch& next_batch();
    /// Puts it into the queue.
    void push();
    /// Whether `front` has nothing to wait for.
    bool ready();
    /// The oldest one, parsed; when it is not empty. Stays until `pop`.
    const record_batch& front();
    void pop();

  private:
    enum class state { cut, taken, parsed };
    struct place {
        record_batch batch;
        state at = state::cut;
        std::exception_ptr failed;
    };
    using locked = std::unique_lock<std::mutex>;

    place& at(std::size_t index) { return places_[(first_ + index) % most_batches]; }
    place* next_cut();
    void parse(place& what, record_parser& parser, locked& lock);
    void help(record_parser& parser);

    std::vector<place> places_{most_batches};
    std::size_t first_ = 0;
    std::size_t count_ = 0; ///< changed by the import's thread alone
    std::size_t bytes_ = 0;
    bool stopping_ = false;
    std::mutex
        mutex_; ///< of what the threads see: the places that are in use, but not the batch of a taken one
    std::condition_variable changed_;
    std::vector<std::unique_ptr<record_parser>> parsers_; ///< the first is the import's own
    std::vector<std::thread> threads_;
};

} // namespace waybill::profile
