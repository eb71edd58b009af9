Feature: The device API
  What a management application sees.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected
    And "sensor-1" listens to its commands

  @portable
  Scenario: One device
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then GET "/devices/sensor-1" answers 200 with "lastSeen"

  @portable
  Scenario: A device nobody knows
    Then GET "/devices/nobody" answers 404 with "not found"

  @portable
  Scenario: Devices by status
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then GET "/devices?status=online" answers 200 with "sensor-1"
    And GET "/devices" answers 200 with "sensor-1"
    And GET "/devices?status=sleepy" answers 400 with "status"

  @portable
  Scenario: A command
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then POST "/devices/sensor-1/commands" of '{"action":"reboot"}' answers 202
    And "sensor-1" received the command "reboot"
    And POST "/devices/sensor-1/commands" of '{"action":"explode"}' answers 400

  @portable
  Scenario: A route that is not there
    Then GET "/nothing" answers 404 with "Not Found"
