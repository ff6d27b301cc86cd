<?php
// It says that PHP answers and that there is a release to serve: a new server gets no visitor before. It asks no
// database: when that is away, ending every web server would help nobody.
header('Content-Type: text/plain');
if (!is_file('/srv/storefront/current/pub/index.php')) {
    http_response_code(503);
    exit("no release\n");
}
echo "ok\n";
