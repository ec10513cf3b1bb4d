waybill_tests(simulation LINK waybill::engine
    SOURCES
        simulation/ledger.cpp
        simulation/published_view.cpp
        simulation/seeds.tests.cpp
        simulation/simulated_engine.cpp
        simulation/simulated_host.cpp
        simulation/simulated_run.cpp
        simulation/stepped_publisher.cpp
        simulation/taken_memberships.cpp
        simulation/turns.cpp
        simulation/watched_owner.cpp)
# It does much itself.
target_compile_options(simulation_tests PRIVATE $<$<CONFIG:Debug>:-O1>)
set_target_properties(simulation_tests PROPERTIES UNITY_BUILD OFF) # its files share names
