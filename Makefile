# Two commands do everything: `make demo` and `make test`.

GO ?= go
OUT ?= out

.PHONY: demo test cloud-test setup lint clean

## demo: every stack brought up in the real engine on a simulated cloud, and a
## sample estate read, audited, sized and planned; all of it in out/index.html
demo:
	@mkdir -p $(OUT) bin
	$(GO) build -o bin/ ./cmd/storefront ./cmd/sandbox
	bin/storefront sample --out $(OUT)/sample --plan $(OUT)/plan.yaml
	bin/storefront inventory $(OUT)/sample --out $(OUT)/estate.json
	bin/storefront report $(OUT)/estate.json --stack prod --log-share 0.001 --out $(OUT)/estate.html
	bin/storefront plan --estate $(OUT)/estate.json --config $(OUT)/plan.yaml --out $(OUT)/plan.json
	bin/storefront plan report $(OUT)/plan.json --out $(OUT)/plan.html
	bin/storefront runbook $(OUT)/plan.json --estate $(OUT)/estate.json --stack-file Pulumi.prod.yaml --out $(OUT)/runbooks
	@set -- --link "Estate, findings and sizing=estate.html" --link "Migration plan=plan.html"; \
	for page in $(OUT)/runbooks/runbook-*.html; do \
	  wave=$${page##*/runbook-}; \
	  set -- "$$@" --link "Runbook of wave $${wave%.html}=runbooks/$${page##*/}"; \
	done; \
	bin/sandbox demo --out $(OUT) --at 2027-01-02 "$$@"
	@echo "open $(OUT)/index.html"

## test: everything that needs no cloud
test: setup lint
	$(GO) test ./...
	$(GO) -C tools/nsxtgen run . -check -project ../.. schema.json ../../sdks/nsxt

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
