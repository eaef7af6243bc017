using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>The marks chart.js writes numbers with: those of whoever looks, so that picture and table agree.</summary>
/// <param name="Sizes">How many digits stand together, from the right; the last size goes on.</param>
public sealed record ChartMarks(string Point, string Group, IReadOnlyList<int> Sizes)
{
    public static ChartMarks Here
    {
        get
        {
            var marks = OperatorCulture.Here.NumberFormat;
            return new(marks.NumberDecimalSeparator, marks.NumberGroupSeparator, marks.NumberGroupSizes);
        }
    }
}
