if(TARGET waybill AND TARGET waybill-generate AND TARGET waybilld)
    find_program(SQLITE3_SHELL sqlite3 REQUIRED)
    waybill_tests(waybill
        LINK waybill::store waybill::json waybill::engine nlohmann_json::nlohmann_json Boost::headers OpenSSL::Crypto
             Threads::Threads ZLIB::ZLIB "${ZSTD_LIBRARY}"
        SOURCES
            waybill/backup.tests.cpp
            waybill/credentials.tests.cpp
            waybill/beside_a_host.tests.cpp
            waybill/datasets.tests.cpp
            waybill/doctor.tests.cpp
            waybill/doctor_datasets.tests.cpp
            waybill/every_command.tests.cpp
            waybill/generator.tests.cpp
            waybill/hosted_jobs.tests.cpp
            waybill/hosts_under_tls.tests.cpp
            waybill/hangup.tests.cpp
            waybill/import.tests.cpp
            waybill/import_progress.tests.cpp
            waybill/migrate.tests.cpp
            support/certificate.cpp
            support/program.cpp
            waybill/policies.tests.cpp
            waybill/profiles_export.tests.cpp
            waybill/secrets.tests.cpp
            waybill/segments.tests.cpp
            waybill/shell_schema.tests.cpp
            waybill/statistics.tests.cpp
            waybill/stored_jobs.tests.cpp
            support/terminal_program.cpp
            waybill/top.tests.cpp
            waybill/usage.tests.cpp
            ${PROJECT_SOURCE_DIR}/tools/waybill/expression_caret.cpp
            ${PROJECT_SOURCE_DIR}/tools/waybill/import_progress.cpp
            ${PROJECT_SOURCE_DIR}/tools/waybill/quantity.cpp
            ${PROJECT_SOURCE_DIR}/tools/waybill/table.cpp
            ${PROJECT_SOURCE_DIR}/tools/waybill/terminal.cpp)
    target_include_directories(waybill_tests PRIVATE "${PROJECT_SOURCE_DIR}/tools/waybill")
    target_compile_definitions(waybill_tests PRIVATE
        SQLITE3_SHELL="${SQLITE3_SHELL}"
        WAYBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        WAYBILL_TOOL="$<TARGET_FILE:waybill>"
        WAYBILL_GENERATE="$<TARGET_FILE:waybill-generate>"
        WAYBILLD="$<TARGET_FILE:waybilld>")
    set_target_properties(waybill_tests PROPERTIES UNITY_BUILD OFF) # its files use the same names
    add_dependencies(waybill_tests waybill waybill-generate waybilld)
endif()
