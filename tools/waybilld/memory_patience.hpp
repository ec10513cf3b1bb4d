// Memory that is short for a moment is waited for. Asio cannot always go on when it gets none: a connection
// would hang, or the program end. So `operator new` of the program tries again for a while before it fails.
// SQLite and the system's library do not come here; what they cannot do for want of memory is an error of
// theirs.
#pragma once

#include <chrono>

namespace waybill::http {

/// How long one thread waits for memory, in all that it needs without a pause in between.
inline constexpr std::chrono::milliseconds memory_patience{2'000};

/// From now on, for the whole process.
void wait_for_memory_when_it_is_short() noexcept;

} // namespace waybill::http
