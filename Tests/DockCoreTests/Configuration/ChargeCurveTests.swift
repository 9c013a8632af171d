import DockCore
import Testing

@Suite struct ChargeCurveTests {
    typealias Point = ChargeCurve.Point

    static let usual = [Point(percent: 80, seconds: 7200), Point(percent: 100, seconds: 14_400)]
    static let odd = [
        Point(percent: 7, seconds: 613), Point(percent: 33, seconds: 4001), Point(percent: 100, seconds: 9973.3),
    ]
    static let line = [Point(percent: 100, seconds: 14_400)]

    private func curve(_ points: [Point]) throws -> ChargeCurve { try #require(ChargeCurve(points)) }

    @Test func theEmptyBatteryIsAddedWhereItIsNotGiven() throws {
        let start = Point(percent: 0, seconds: 0)
        #expect(try curve(Self.usual).points == [start] + Self.usual)
        #expect(try curve([start] + Self.usual) == curve(Self.usual))
    }

    @Test(
        arguments: [
            [], [(0, 0)], [(80, 60)], [(0, 5), (100, 60)], [(80, 60), (80, 70), (100, 80)],
            [(90, 60), (80, 70), (100, 80)],
            [(80, 60), (100, 60)], [(80, 60), (100, 50)], [(100, 0)], [(100, -1)], [(-5, 0), (100, 60)],
            [(80, 60), (101, 80)],
            [(100, 60), (110, 80)], [(100, .nan)], [(100, .infinity)], [(0, .nan), (100, 60)],
        ] as [[(Int, Double)]])
    func pointsThatDoNotRiseToFullMakeNoCurve(points: [(Int, Double)]) {
        #expect(ChargeCurve(points.map { Point(percent: $0.0, seconds: $0.1) }) == nil)
    }

    @Test func betweenItsPointsItIsAStraightLine() throws {
        let curve = try curve(Self.usual)
        #expect(curve.charge(from: 0, after: 0) == 0)
        #expect(curve.charge(from: 0, after: 3600) == 40)
        #expect(curve.charge(from: 40, after: 3600) == 80)
        #expect(curve.charge(from: 80, after: 3600) == 90)
        #expect(curve.charge(from: 40, after: 3600 + 7199) == 99, "not full before it is")
        #expect(curve.charge(from: 40, after: 3600 + 7200) == 100)
        #expect(curve.secondsToFull(from: 0) == 14_400)
        #expect(curve.secondsToFull(from: 90) == 3600)
        #expect(curve.secondsToFull(from: 100) == 0)
    }

    @Test func whatCannotBeIsTakenAsTheNearestThatCan() throws {
        let curve = try curve(Self.usual)
        #expect(curve.charge(from: -7, after: 3600) == 40 && curve.charge(from: 130, after: 0) == 100)
        #expect(curve.charge(from: 50, after: -100) == 50 && curve.charge(from: 50, after: .infinity) == 100)
        #expect(curve.secondsToFull(from: -7) == 14_400 && curve.secondsToFull(from: 130) == 0)
    }

    @Test(arguments: [usual, odd, line]) func chargingNeverTakesAwayCharge(points: [Point]) throws {
        let curve = try curve(points)
        for percent in 0...100 {
            #expect(curve.charge(from: percent, after: 0) == percent)
            let seconds = curve.secondsToFull(from: percent)
            #expect(curve.charge(from: percent, after: seconds + 0.001) == 100)
            var last = percent
            for share in 1...20 {
                let charge = curve.charge(from: percent, after: seconds * Double(share) / 20)
                #expect(charge >= last && charge <= 100)
                last = charge
            }
        }
    }
}
