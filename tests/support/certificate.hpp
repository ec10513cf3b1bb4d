// Certificates of a test's own, for 127.0.0.1 and localhost unless told otherwise: a key, and a certificate
// that vouches for itself. What goes wrong is thrown.
#pragma once

#include <filesystem>
#include <string>

namespace waybill::test {

struct certificate_files {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

/// Writes `<name>.pem` and `<name>.key`; with a passphrase the key is encrypted.
certificate_files make_certificate(const std::filesystem::path& directory, const std::string& name,
                                   const std::string& passphrase = {},
                                   const std::string& names = "DNS:localhost,IP:127.0.0.1");

} // namespace waybill::test
