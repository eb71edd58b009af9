@portable
Feature: Certificates and policies are enforced
  Each device has its own certificate, and the policy binds it to its own topics
  by thing variables.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected

  Scenario: No certificate, no connection
    Then a client without a certificate cannot connect

  Scenario: A certificate of another authority
    Then a client with a certificate of another authority cannot connect

  Scenario: A revoked certificate
    Given the thing "sensor-9" has a certificate
    When the certificate of "sensor-9" is made "INACTIVE"
    Then "sensor-9" cannot connect

  Scenario: A foreign client id
    Given the thing "sensor-9" has a certificate
    Then "sensor-9" cannot connect as "sensor-1"

  Scenario: A foreign topic disconnects the device, and nothing is stored
    When "sensor-1" publishes to "devices/sensor-2/telemetry":
      """
      {"deviceId": "sensor-2", "timestamp": 1767225600000, "data": {"temperature": 20}}
      """
    Then "sensor-1" is disconnected
    When the pipeline has drained
    Then the archive holds 0 objects of "sensor-2"

  Scenario: Commands of another device cannot be heard
    When "sensor-1" subscribes to "devices/sensor-2/commands"
    Then "sensor-1" is disconnected
