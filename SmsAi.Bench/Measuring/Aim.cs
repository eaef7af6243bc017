using System.Globalization;

namespace SmsAi.Bench.Measuring;

/// <summary>A figure beside the bound it should keep.</summary>
public sealed record Aim(string What, double Figure, double Bound, bool IsUpperBound, string Unit)
{
    public bool IsMet => IsUpperBound ? Figure <= Bound : Figure >= Bound;

    public static Aim AtMost(double bound, string what, double figure, string unit = "") => new(what, figure, bound, true, unit);

    public static Aim AtLeast(double bound, string what, double figure, string unit = "") => new(what, figure, bound, false, unit);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsMet ? "met" : "not met"),-8}{What}: {Figure:0.###}{Suffix}, {(IsUpperBound ? "at most" : "at least")} {Bound:0.###}{Suffix}");

    private string Suffix => Unit.Length == 0 ? "" : " " + Unit;
}
