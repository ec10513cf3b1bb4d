// SHA-256 on the way: manifests name the checksum of every part, so that anybody can tell a whole file from a
// torn one. One thread per object. Throws `store_failure` (`internal`) when OpenSSL refuses.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace waybill::digest {

class sha256 {
  public:
    sha256();
    ~sha256();
    sha256(sha256&&) noexcept;
    sha256& operator=(sha256&&) noexcept;

    void add(std::string_view bytes);
    /// 64 lower-case hex digits; afterwards the object is used up.
    std::string hex();

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

std::string sha256_hex(std::string_view bytes);

} // namespace waybill::digest
