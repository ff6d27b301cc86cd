package table

import "errors"

func openXLS(path string, lim Limits) (Book, error) {
	return nil, errors.New("is an old binary workbook (.xls): open it and save it as .xlsx")
}
