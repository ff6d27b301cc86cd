# Two commands do everything: `make demo` and `make test`.

GO ?= go
OUT ?= out

.PHONY: demo test cloud-test setup lint clean

## demo: preview the stacks in the real engine on simulated clouds, migrate a
## sample estate, and leave it all to look at in out/index.html
demo:
	$(GO) run ./cmd/sandbox demo --out $(OUT)
	@echo "open $(OUT)/index.html"

## test: everything that needs no cloud
test: setup lint
	$(GO) test ./...
	$(GO) -C tools/nsxtgen run . -check ../../sdks/nsxt

## cloud-test: the stacks through the real providers on simulated clouds
cloud-test:
	STOREFRONT_CLOUD_TEST=1 $(GO) test -count=1 -timeout 60m -v ./internal/cloudtest

## setup: the daemons that the servers' configuration is checked with, and a
## browser for the reports. On a machine without apt the tests that need them
## are skipped, with a message.
setup:
	@tools/setup

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v '^sdks/'))" || { gofmt -l $$(git ls-files '*.go' | grep -v '^sdks/'); echo 'run gofmt -w on these'; exit 1; }
	$(GO) vet ./...

clean:
	rm -rf $(OUT) .sandbox bin
