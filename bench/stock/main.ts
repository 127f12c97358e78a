// neuroglancer's own main program, with every data source, key-value store and layer that it comes with; its state is the URL's hash.
import "neuroglancer/unstable/main.bundle.js";
