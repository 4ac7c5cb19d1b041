//! A reader of CSV (RFC 4180): rows of cells with their places; quoted cells may hold separators and line breaks.

use super::super::problem::Problem;
use super::fault::RecordFault;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CsvCell {
    pub text: String,
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub quoted: bool,
}

/// One row: its cells, and the lines it covers.
pub(super) struct CsvRow {
    pub cells: Vec<CsvCell>,
    pub line: u32,
    pub last_line: u32,
}

/// Reads rows one after another. A blank line is no row.
pub(super) struct Rows<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: u32,
    column: u32,
}

impl<'a> Rows<'a> {
    pub fn new(text: &'a str, separator: char) -> Rows<'a> {
        Rows { chars: text.chars().peekable(), separator, line: 1, column: 1 }
    }

    fn take(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        self.column += 1;
        if c == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        }
        Some(c)
    }

    /// Takes the rest of a broken row.
    fn skip_line(&mut self) {
        while self.take().is_some_and(|c| c != '\n') {}
    }

    fn row(&mut self) -> Result<CsvRow, Problem> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let (cell, more) = self.cell()?;
            cells.push(cell);
            if !more {
                let last_line = if self.column == 1 { self.line - 1 } else { self.line };
                return Ok(CsvRow { cells, line, last_line: last_line.max(line) });
            }
        }
    }

    /// One cell, and whether another follows in its row.
    fn cell(&mut self) -> Result<(CsvCell, bool), Problem> {
        let mut cell = CsvCell { text: String::new(), line: self.line, column: self.column, quoted: false };
        if self.chars.peek() == Some(&'"') {
            cell.quoted = true;
            self.quoted(&mut cell)?;
        }
        loop {
            let (line, column) = (self.line, self.column);
            let Some(c) = self.take() else { return Ok((cell, false)) };
            match c {
                '\n' => return Ok((cell, false)),
                '\r' if matches!(self.chars.peek(), None | Some('\n')) => {}
                c if c == self.separator => return Ok((cell, true)),
                c if cell.quoted => {
                    self.skip_line();
                    return Err(Problem::new(line, column, RecordFault::AfterQuote { found: c }));
                }
                c => cell.text.push(c),
            }
        }
    }

    fn quoted(&mut self, cell: &mut CsvCell) -> Result<(), Problem> {
        self.take();
        loop {
            match self.take() {
                None => return Err(Problem::new(cell.line, cell.column, RecordFault::OpenQuote)),
                Some('"') if self.chars.peek() == Some(&'"') => {
                    self.take();
                    cell.text.push('"');
                }
                Some('"') => return Ok(()),
                Some(c) => cell.text.push(c),
            }
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<CsvRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.chars.peek()?;
            match self.row() {
                Ok(row) if row.cells.len() == 1 && row.cells[0].text.is_empty() && !row.cells[0].quoted => {}
                row => return Some(row),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_faults() {
        let text = "a,b\r\n1,\"x,\"\"y\"\"\n z\"\n\n,\"\"\n\"q\"r,1\nlast,\"open\n";
        let rows: Vec<_> = Rows::new(text, ',').collect();
        let cells = |i: usize| -> Vec<(&str, u32, u32, bool)> {
            let row = rows[i].as_ref().unwrap();
            row.cells.iter().map(|c| (c.text.as_str(), c.line, c.column, c.quoted)).collect()
        };
        assert_eq!(cells(0), [("a", 1, 1, false), ("b", 1, 3, false)]);
        assert_eq!(cells(1), [("1", 2, 1, false), ("x,\"y\"\n z", 2, 3, true)]);
        assert_eq!((rows[1].as_ref().unwrap().line, rows[1].as_ref().unwrap().last_line), (2, 3));
        assert_eq!(cells(2), [("", 5, 1, false), ("", 5, 2, true)]);
        let fault = |i: usize| rows[i].as_ref().map(|_| ()).unwrap_err().clone();
        assert_eq!((fault(3).line, fault(3).column), (6, 4));
        assert_eq!((fault(4).line, fault(4).column), (7, 6));
        assert_eq!(rows.len(), 5);
    }
}
