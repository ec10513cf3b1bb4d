#include "spark/cluster.hpp"

namespace waybill::spark {

std::string first_line(std::string_view text) {
    constexpr std::size_t most = 500;
    auto line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() > most) {
        line = line.substr(0, most);
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U)
            line.remove_suffix(1); // of a character that was cut
        if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0x80U) line.remove_suffix(1);
    }
    return std::string(line);
}

std::string no_answer_words(const http_answer& answer) {
    if (answer.status == 0) return answer.trouble;
    return "it answered with status " + std::to_string(answer.status) + " and what cannot be understood";
}

} // namespace waybill::spark
