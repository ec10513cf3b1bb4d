// Waits for what an engine or a publisher tells, instead of sleeping.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace waybill::test {

class news {
  public:
    /// To be given to `on_news`.
    std::function<void()> listener() const {
        return [shared = shared_] {
            {
                const std::lock_guard hold(shared->guard);
                ++shared->told;
            }
            shared->wake.notify_all();
        };
    }

    /// Until `come` is true, which is asked anew whenever there is news. The long wait only ends a hung test.
    void wait_until(const std::function<bool()>& come) const {
        for (;;) {
            int seen = 0;
            {
                const std::lock_guard hold(shared_->guard);
                seen = shared_->told;
            }
            if (come()) return;
            std::unique_lock hold(shared_->guard);
            if (!shared_->wake.wait_for(hold, std::chrono::seconds(30),
                                        [&] { return shared_->told != seen; }))
                throw std::runtime_error("no news came");
        }
    }

  private:
    struct shared {
        std::mutex guard;
        std::condition_variable wake;
        int told = 0;
    };
    std::shared_ptr<shared> shared_ = std::make_shared<shared>();
};

} // namespace waybill::test
