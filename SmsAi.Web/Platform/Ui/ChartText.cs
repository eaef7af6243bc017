using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Writes a chart's numbers for its table; chart.js writes them the same way in the picture.</summary>
internal static class ChartText
{
    internal static string Of(double? value, ChartUnit unit) => (value, unit) switch
    {
        (null, _) => "",
        ({ } number, ChartUnit.Seconds) => number.ToString("0.0", OperatorCulture.Here) + " s",
        ({ } number, ChartUnit.Dollars) => "$" + number.ToString("#,##0.00", OperatorCulture.Here),
        ({ } number, _) => number.ToString("#,##0.##", OperatorCulture.Here),
    };
}
