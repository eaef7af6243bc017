using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Writes micro-dollars: cents from a dollar on, four places below it, all six when asked.</summary>
public static class MoneyText
{
    private const decimal MicrosPerDollar = 1_000_000m;

    public static string Of(long micros, bool exact = false)
    {
        var dollars = Math.Abs(micros) / MicrosPerDollar;
        var pattern = exact ? "0.000000" : micros == 0 || dollars >= 1 ? "#,##0.00" : "0.0000";
        return (micros < 0 ? "−$" : "$") + dollars.ToString(pattern, OperatorCulture.Here);
    }
}
