// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "embed",
  dependencies: [
    // In a package of your own: .package(url: "…/ratecard.git", from: "1.0.0")
    .package(name: "ratecard", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "embed", dependencies: [.product(name: "Ratecard", package: "ratecard")])
  ]
)
