# The description of the wire against the exchanges that the tests of waybilld have written down, which therefore run before.
add_test(NAME "openapi:the YAML and the JSON say the same" COMMAND "${PROJECT_SOURCE_DIR}/tools/openapi" check)
add_test(NAME "openapi:every answer of the end-to-end tests is as described"
    COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/openapi/check_exchanges" "${PROJECT_BINARY_DIR}/exchanges.ndjson")
set_tests_properties("openapi:every answer of the end-to-end tests is as described" PROPERTIES
    FIXTURES_REQUIRED exchanges)
