package features_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/shakedown-iot/shakedown/hardware"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// tapes are where the boards of the features are recorded.
const tapes = "../hardware/testdata"

// boardOnTape is a Suite's Board.
type boardOnTape struct {
	board  hardware.Board
	player *hardware.Player
}

func playTape(name string) (scenarios.Outsider, error) {
	file, err := os.Open(filepath.Join(tapes, name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	player, err := hardware.NewPlayer(name, file)
	if err != nil {
		return nil, err
	}
	b := &boardOnTape{hardware.Board{Bus: player}, player}
	return b, b.board.Open()
}

func (b *boardOnTape) Attach(context.Context, scenarios.Slot) error { return nil }

func (b *boardOnTape) Run(ctx context.Context, s scenarios.Slot) error {
	err := b.board.Run(ctx, device.Config{
		Thing: s.Thing, Interval: s.Interval, Seed: s.Seed, Index: s.Index, Dial: s.Dial, Events: s.Events,
	})
	return errors.Join(err, b.player.Close())
}
