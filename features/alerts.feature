Feature: Alerts and the command back
  A threshold crossed is one alert on SNS; a critical one also sends the device
  into safe mode.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected
    And "sensor-1" listens to its commands

  @portable
  Scenario: A warm device is a warning
    When "sensor-1" reports temperature 41
    And the pipeline has drained
    Then 1 "WARNING" alert about the temperature of "sensor-1" was sent
    And "sensor-1" received no command

  @portable
  Scenario: A hot device is critical and is told to enter safe mode
    When "sensor-1" reports temperature 51
    And the pipeline has drained
    Then 1 "CRITICAL" alert about the temperature of "sensor-1" was sent
    And "sensor-1" received the command "enter_safe_mode"

  @portable
  Scenario: The alert is in the alert history
    When "sensor-1" reports temperature 41
    And the pipeline has drained
    Then the alert history of "sensor-1" has 1 alert

  Scenario: The firmware obeys a command
    Given a fleet of 1 device reports every "1m" for "10m"
    When after "2m" the cloud sends "update_interval" of "10s" to "fleet-00001"
    And the pipeline has drained
    Then "fleet-00001" acted on "update_interval"
    And GET "/devices/fleet-00001" answers 200 with "update_interval"
    And the fleet sent more than 40 messages
    And no message was lost
