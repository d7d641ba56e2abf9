import Ratecard

// Loads the card in the folder that the command line names, and asks it in each way there is.

let folder = CommandLine.arguments.dropFirst().first ?? "pricing"

do {
  switch try RateCard.load(folder: folder) {
  case .refused(let report):
    print("the card has mistakes:")
    for finding in report.diagnostics {
      let file = report.files[Int(finding.span.file.index)]
      let place = file.position(at: Int(finding.span.start))
      print("\(file.path):\(place.line):\(place.column): \(finding.message)")
    }

  case .loaded(let card, _):
    try askTheEasyWay(card)
    try askTheFastWay(card)
    try askWithoutTexts(card)
    try askPrepared(card)
    askWhy(card)
    try followTheFolder(folder)
  }
} catch {
  print("could not go on: \(error)")
}
