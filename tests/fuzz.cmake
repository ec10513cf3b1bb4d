# What strangers send, one target a kind. With the fuzz preset each becomes a fuzzer (tools/fuzz runs them); with any other,
# a program that feeds it its corpus, which is a test.
option(WAYBILL_FUZZERS "Build the fuzzers, which needs clang" OFF)
set(fuzz_targets create_body credentials expression import_records list_query request_bytes wishes)

if(WAYBILL_FUZZERS)
    # Only what they feed, for clang compiles it once more. A library, for none of them needs all of it.
    file(GLOB fuzzed_sources CONFIGURE_DEPENDS
        "${PROJECT_SOURCE_DIR}/lib/src/json/*.cpp"
        "${PROJECT_SOURCE_DIR}/lib/src/model/*.cpp"
        "${PROJECT_SOURCE_DIR}/lib/src/pql/*.cpp"
        "${PROJECT_SOURCE_DIR}/lib/src/compression/decoder.cpp")
    foreach(part decoded_input record_reader)
        list(APPEND fuzzed_sources "${PROJECT_SOURCE_DIR}/lib/src/profile/${part}.cpp")
    endforeach()
    foreach(part byte_range chunk_reader credentials digest framing header_text list_query message preferences query
            request_reader)
        list(APPEND fuzzed_sources "${PROJECT_SOURCE_DIR}/tools/waybilld/${part}.cpp")
    endforeach()
    add_library(waybill_fuzzed STATIC ${fuzzed_sources})
    target_include_directories(waybill_fuzzed PUBLIC
        "${CMAKE_CURRENT_SOURCE_DIR}"
        "${PROJECT_SOURCE_DIR}/lib/include"
        "${PROJECT_SOURCE_DIR}/lib/src"
        "${PROJECT_SOURCE_DIR}/tools/waybilld")
    target_link_libraries(waybill_fuzzed PUBLIC
        Boost::headers Threads::Threads OpenSSL::Crypto nlohmann_json::nlohmann_json ZLIB::ZLIB "${ZSTD_LIBRARY}")
    add_custom_target(fuzzers)
    foreach(target ${fuzz_targets})
        add_executable(${target}_fuzzer fuzz/${target}.fuzz.cpp fuzz/chunked_body.cpp)
        target_link_libraries(${target}_fuzzer PRIVATE waybill_fuzzed)
        target_link_options(${target}_fuzzer PRIVATE -fsanitize=fuzzer)
        add_dependencies(fuzzers ${target}_fuzzer)
    endforeach()
elseif(TARGET waybilld_http)
    foreach(target ${fuzz_targets})
        add_executable(${target}_corpus fuzz/${target}.fuzz.cpp fuzz/chunked_body.cpp fuzz/corpus_run.cpp)
        target_include_directories(${target}_corpus PRIVATE
            "${CMAKE_CURRENT_SOURCE_DIR}"
            "${PROJECT_SOURCE_DIR}/lib/src")
        target_link_libraries(${target}_corpus PRIVATE waybilld_http nlohmann_json::nlohmann_json)
        target_compile_options(${target}_corpus PRIVATE -fno-sanitize=null,alignment,vptr)
        set_target_properties(${target}_corpus PROPERTIES UNITY_BUILD OFF) # one reads with the other's eyes
        add_dependencies(tests ${target}_corpus)
        add_test(NAME "fuzz:the corpus of ${target} and what lies near it break nothing"
            COMMAND ${target}_corpus "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target}")
        set_tests_properties("fuzz:the corpus of ${target} and what lies near it break nothing" PROPERTIES TIMEOUT 300)
    endforeach()
endif()
