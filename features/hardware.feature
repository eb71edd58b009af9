@hardware
Feature: Hardware in the loop
  A real sensor is one more device: the firmware of the virtual ones reads a BME280.
  Here its bus is played from a tape (package hardware).

  Scenario: A board among virtual sensors
    Given the pipeline
    When a fleet of 20 devices reports every "10s" for "30s" while the board "pi-001" plays "short.i2c" every "1s"
    Then every message of the fleet is stored in the archive and the time series
    And the board "pi-001" has made 4 readings

  Scenario: A sensor that is pulled out and comes back makes no values up
    Given the pipeline
    When a fleet of 5 devices reports every "10s" for "1m" while the board "pi-001" plays "desk.i2c" every "1s"
    Then every message of the fleet is stored in the archive and the time series
    And the board "pi-001" has made 12 readings
    When "12m" pass
    Then the device API says "pi-001" is "offline"
