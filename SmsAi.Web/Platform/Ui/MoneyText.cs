using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Writes micro-dollars: cents from a dollar on, four places below it, all six when asked. What four places can't show is not written as nothing.</summary>
public static class MoneyText
{
    private const decimal MicrosPerDollar = 1_000_000m;
    private const decimal Least = 0.0001m;

    public static string Of(long micros, bool exact = false)
    {
        var dollars = Math.Abs(micros) / MicrosPerDollar;
        if (!exact && micros > 0 && dollars < Least)
            return "<$" + Least.ToString(OperatorCulture.Here);
        var pattern = exact ? "0.000000" : micros == 0 || dollars >= 1 ? "#,##0.00" : "0.0000";
        return (micros < 0 ? "−$" : "$") + dollars.ToString(pattern, OperatorCulture.Here);
    }
}
