<?php
// It says that PHP answers. It asks no database: when that is away, ending every web server would help nobody.
header('Content-Type: text/plain');
echo "ok\n";
