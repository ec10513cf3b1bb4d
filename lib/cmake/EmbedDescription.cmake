# waybill_embed_description(<output.cpp>) writes a source file that holds schema/openapi.json.
function(waybill_embed_description output)
    set(file "${PROJECT_SOURCE_DIR}/schema/openapi.json")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" json)
    file(GENERATE OUTPUT "${output}" CONTENT "#include \"openapi_route.hpp\"\n\nnamespace waybill::http {\n\nstd::string_view openapi_json() noexcept {\n    return R\"~json~(${json})~json~\";\n}\n\n} // namespace waybill::http\n")
endfunction()
