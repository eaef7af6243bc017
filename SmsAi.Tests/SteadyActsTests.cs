using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace SmsAi.Tests;

/// <summary>An act reaches what stands there now, also when the page was drawn anew since it was found.</summary>
public sealed class SteadyActsTests : BunitContext
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Click_reaches_the_same_button_after_the_page_was_drawn_anew(int more)
    {
        var page = Render<Rows>(p => p.Add(rows => rows.First, 1));
        var second = page.FindAll("button")[1];

        page.Render(p => p.Add(rows => rows.First, 1 - more));
        second.Click();
        await second.ClickAsync();

        page.Instance.Clicked.ShouldBe(["row 2", "row 2"]);
    }

    /// <summary>Five buttons, whose handlers are new with each drawing.</summary>
    private sealed class Rows : ComponentBase
    {
        [Parameter]
        public int First { get; set; }

        public List<string> Clicked { get; } = [];

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            for (var row = First; row < First + 5; row++)
            {
                var name = $"row {row}";
                builder.OpenElement(0, "button");
                builder.AddAttribute(1, "onclick", EventCallback.Factory.Create(this, () => Clicked.Add(name)));
                builder.AddContent(2, name);
                builder.CloseElement();
            }
        }
    }
}
